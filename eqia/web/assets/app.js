// Appended to the GOV.UK Frontend module: starts every component on the page.
initAll();
