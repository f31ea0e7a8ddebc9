/** Lines of columns, for people. */

/** Columns are as wide as their widest cell; the last one is not padded. Line ends inside a cell become spaces. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [head, ...rows].map((cells) => cells.map((cell) => cell.replace(/\s+/g, ' ')))
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  return lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export const timeText = (ms: number): string => new Date(ms).toISOString()
