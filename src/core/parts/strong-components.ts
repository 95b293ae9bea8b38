/**
 * Which nodes of a directed graph all reach each other? R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Computing
 * 1(2), 1972, with a stack of its own in place of recursion, because a chain of a million nodes is a million calls deep.
 */

/**
 * @param arcs for each node those that it points to; nodes are 0 to `arcs.length` - 1
 * @returns the size of the largest strongly connected component, 0 for no nodes
 */
export function largestStrongComponent(arcs: readonly (readonly number[])[]): number {
  const count = arcs.length;
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const next = new Int32Array(count);
  const open: number[] = [];
  const path: number[] = [];
  let visited = 0;
  let largest = 0;
  const enter = (node: number): void => {
    order[node] = low[node] = visited++;
    open.push(node);
    onStack[node] = 1;
    path.push(node);
  };
  for (let root = 0; root < count; root++) {
    if (order[root] >= 0) continue;
    enter(root);
    while (path.length > 0) {
      const node = path[path.length - 1];
      if (next[node] < arcs[node].length) {
        const to = arcs[node][next[node]++];
        if (order[to] < 0) enter(to);
        else if (onStack[to] === 1 && order[to] < low[node]) low[node] = order[to];
        continue;
      }
      path.pop();
      if (path.length > 0) {
        const before = path[path.length - 1];
        if (low[node] < low[before]) low[before] = low[node];
      }
      if (low[node] === order[node]) largest = Math.max(largest, closed(open, onStack, node));
    }
  }
  return largest;
}

/** Takes a component off the stack. @returns its size */
function closed(open: number[], onStack: Uint8Array, root: number): number {
  let size = 0;
  for (;;) {
    const node = open.pop() as number;
    onStack[node] = 0;
    size++;
    if (node === root) return size;
  }
}
