// Says what the four scores of a review propose, as they are chosen. The page explains the same
// rule in words, and the server holds to it.
document.querySelectorAll("form[data-proposal]").forEach((form) => {
  const output = form.querySelector("[data-proposal-output]");
  const scores = Array.from(form.querySelectorAll("select[data-score]"));
  const say = () => {
    const values = scores.map((select) => select.value);
    if (values.includes("")) {
      output.textContent = form.dataset.proposal;
      return;
    }
    const total = values.reduce((sum, value) => sum + Number(value), 0);
    let decision = "hold";
    if (!values.includes("0") && total >= 10) decision = "publish";
    if (!values.includes("0") && total < 5) decision = "reject";
    output.textContent = form.dataset[decision].replace("%(total)s", String(total));
  };
  scores.forEach((select) => select.addEventListener("change", say));
  say();
});
