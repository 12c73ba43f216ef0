// Shows the buttons that print the page: without this script they would do nothing.
document.querySelectorAll("[data-print]").forEach((item) => {
  item.hidden = false;
  item.querySelector("button").addEventListener("click", () => window.print());
});
