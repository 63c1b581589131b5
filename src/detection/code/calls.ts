import type { Language } from "./findings.js";

const last = (callee: string): string => callee.slice(callee.lastIndexOf(".") + 1);

/** Functions that put the parts of a path together. */
export const isJoin = (callee: string): boolean =>
  /^(os\.path\.join|path\.join|path\.resolve|join|joinpath|File\.join|resolve|.*\.joinpath|catfile|expanduser|os\.path\.expanduser|File\.expand_path|expand_path|.*path\.(posix\.)?join|os\.path\.expandvars)$/.test(
    callee,
  );

/** Functions that start a program or a shell. */
export function isShellCall(callee: string, language: Language): boolean {
  const name = last(callee);
  switch (language) {
    case "python":
      return (
        /^(os\.(system|popen|exec\w*|spawn\w*|posix_spawnp?)|subprocess\.\w+|sp\.\w+|commands\.\w+|pty\.spawn|asyncio\.create_subprocess_\w+|sh)$/.test(
          callee,
        ) || /^(system|popen|check_output|check_call|Popen|getoutput|getstatusoutput)$/.test(name)
      );
    case "javascript":
      return (
        /^(exec|execSync|execFile|execFileSync|spawn|spawnSync|fork|execa|execaSync|execaCommand|execaCommandSync|command|\$)$/.test(
          name,
        ) &&
        (/child_process|\bcp\b|^\w+$|execa|shell|^\.|Deno/.test(callee) || name.endsWith("Sync"))
      );
    case "ruby":
      return /^(system|exec|spawn|popen|popen2|popen3|capture2|capture2e|capture3|sh|`)$/.test(name);
    case "perl":
      return /^(system|exec|qx|`|open)$/.test(name);
    case "php":
      return /^(system|exec|shell_exec|passthru|popen|proc_open|`)$/.test(name);
  }
}

/** Calls whose one string is a program's name, never shell text. */
export const takesWords = (callee: string): boolean =>
  /^(execFile|execFileSync|spawn|spawnSync|execv\w*|execl\w*)$/.test(last(callee));

/** How a function uses the files that it is given; undefined when its name does not say. */
export function actOf(callee: string): "read" | "list" | "write" | "delete" | "copy" | "rename" | undefined {
  const name = last(callee);
  if (
    /^(unlink|unlinkSync|remove|removeSync|rm|rmSync|rm_rf|rm_r|rmtree|rmdir|rmdirSync|removedirs|remove_dir|rimraf|rimrafSync|rimraf_sync|remove_tree|delete|emptyDir|emptyDirSync|del|deleteAsync|trash|send2trash|secure_delete)$/.test(
      name,
    )
  )
    return "delete";
  if (/^(copy|copy2|copyfile|copyFile|copyFileSync|copytree|cp|cpSync|cp_r|copySync)$/.test(name))
    return "copy";
  if (/^(rename|renameSync|renames|replace|move|moveSync|mv)$/.test(name)) return "rename";
  if (
    /^(writeFile|writeFileSync|appendFile|appendFileSync|write_text|write_bytes|file_put_contents|createWriteStream|outputFile|mkdir|makedirs|touch)$/.test(
      name,
    )
  )
    return "write";
  if (
    /^(exists|existsSync|stat|statSync|lstat|isfile|isdir|is_file|is_dir|access|accessSync|listdir|scandir|readdir|readdirSync|glob|iglob|globSync|iterdir|walk|children|entries|rglob)$/.test(
      name,
    )
  )
    return "list";
  return undefined;
}

/** Functions whose first string is a file, whatever it looks like. */
export const opensFile = (callee: string): boolean =>
  /^(open|fopen|readFile|readFileSync|createReadStream|file_get_contents|read_text|read_bytes|readlines|Path|FileReader|readTextFile)$/.test(
    last(callee),
  );
