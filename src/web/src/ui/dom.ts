/** An element of the document, by id; it is there, or the page is broken. */
export function get<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element "${id}"`);
  return element as T;
}

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, className = '', text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** Writes only what differs: setting the same text again costs a layout all the same. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setClass(element: Element, className: string): void {
  if (element.className !== className) element.className = className;
}

/** Calls `draw` in the next animation frame, once, however often it was asked; not more often than every `pause` milliseconds. */
export function onFrame(draw: () => void, pause = 0): () => void {
  let asked = false;
  let last = -Infinity;
  const step = (now: number) => {
    if (now - last < pause) {
      requestAnimationFrame(step);
      return;
    }
    asked = false;
    last = now;
    draw();
  };
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(step);
  };
}
