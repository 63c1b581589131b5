/**
 * What runs in a report: it unpacks the recording, starts the player, and jumps to flags, also to the one that the
 * address names (report.html#flag-2). Without it everything but the player can be read.
 */
export const SCRIPT = `
"use strict";
(() => {
  const state = document.documentElement.dataset;
  const note = document.getElementById("player-note");
  const say = (text) => { if (note) note.textContent = text; };
  const flags = JSON.parse(document.getElementById("flags-data").textContent);
  const packed = document.getElementById("cast-data");
  const box = document.getElementById("player");
  if (!packed || !box) return;

  const unpack = async () => {
    const binary = atob(packed.textContent);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).text();
  };

  let player;
  const jump = async (index, scroll) => {
    const flag = flags[index];
    if (!player || !flag) return;
    if (scroll) box.scrollIntoView({ block: "nearest" });
    await player.pause();
    await player.seek(flag.at);
    for (const button of document.querySelectorAll("button.jump"))
      button.classList.toggle("now", Number(button.dataset.flag) === index);
    state.at = String(await player.getCurrentTime());
    state.flag = String(index + 1);
  };
  const named = () => {
    const match = /^#flag-([0-9]+)$/.exec(location.hash);
    return match ? Number(match[1]) - 1 : -1;
  };

  const start = async () => {
    const cast = await unpack();
    player = AsciinemaPlayer.create({ data: cast }, box, {
      fit: "width", controls: true, preload: true, pauseOnMarkers: false, poster: flags.length > 0 ? "npt:" + flags[0].at : undefined,
      markers: flags.map(({ at, label }) => [at, label]),
    });
    for (const button of document.querySelectorAll("button.jump"))
      button.addEventListener("click", () => jump(Number(button.dataset.flag), true));
    addEventListener("hashchange", () => jump(named(), false));
    say("Space plays and pauses; [ and ] go from flag to flag; , and . step while paused; < and > change the speed.");
    state.player = "ready";
    await jump(named(), false);
  };
  start().catch((error) => {
    state.player = "failed";
    say("The player could not be started in this browser (" + error + "). The recording is in session.cast.");
  });
})();
`;
