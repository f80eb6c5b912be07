/** A line with what belongs to it: further lines, and what follows from it. */
export interface TreeNode {
  readonly text: string;
  /** Below the line, as part of it. */
  readonly details: readonly string[];
  readonly children: readonly TreeNode[];
}

/** Draws nodes below each other, what is below a node to its right. */
export function drawTree(nodes: readonly TreeNode[]): readonly string[] {
  return nodes.flatMap(({ text, details, children }, index) => {
    const isLast = index === nodes.length - 1;
    const rail = isLast ? '   ' : '│  ';
    const stem = children.length > 0 ? '│  ' : '   ';
    return [
      `${isLast ? '└─ ' : '├─ '}${text}`,
      ...details.map((line) => trimEnd(`${rail}${stem}${line}`)),
      ...drawTree(children).map((line) => `${rail}${line}`),
    ];
  });
}

function trimEnd(line: string): string {
  return line.replace(/\s+$/, '');
}
