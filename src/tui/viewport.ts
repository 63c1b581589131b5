/** Where on the recorded screen the upper left corner of what is shown lies. */
export interface Offset {
  readonly column: number;
  readonly row: number;
}

interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** Cells kept between the point to be seen and the edge. */
const MARGIN = { columns: 8, rows: 2 };

const clamp = (n: number, most: number): number => Math.max(0, Math.min(n, Math.max(0, most)));

/**
 * The part of a larger screen to show: as it was if `point` can be seen there, else moved so far that it can.
 */
export function follow(offset: Offset, point: Offset, screen: Size, view: Size): Offset {
  return {
    column: along(offset.column, point.column, screen.cols, view.cols, MARGIN.columns),
    row: along(offset.row, point.row, screen.rows, view.rows, MARGIN.rows),
  };
}

function along(offset: number, point: number, screen: number, view: number, margin: number): number {
  const most = screen - view;
  const now = clamp(offset, most);
  if (most <= 0) return 0;
  const room = Math.min(margin, Math.floor((view - 1) / 2));
  if (point < now + (now > 0 ? room : 0)) return clamp(point - room, most);
  if (point > now + view - 1 - (now < most ? room : 0)) return clamp(point - view + 1 + room, most);
  return now;
}

/** Moved by hand, within the screen. */
export function pan(offset: Offset, columns: number, rows: number, screen: Size, view: Size): Offset {
  return {
    column: clamp(offset.column + columns, screen.cols - view.cols),
    row: clamp(offset.row + rows, screen.rows - view.rows),
  };
}
