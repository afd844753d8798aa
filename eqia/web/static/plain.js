// Stands in for the built script: pages work without it, so there is nothing to start.
export function initAll() {}
