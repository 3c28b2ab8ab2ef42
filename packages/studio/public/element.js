// What a reader moves comes as `change` events; attributes may be set at any time.
const told = document.getElementById("told");
document.getElementById("moved").addEventListener("change", ({ detail }) => {
  const numbers = Object.entries(detail.values).map(([name, value]) => `${name} = ${value}`);
  told.textContent = `step ${detail.step}, ${numbers.join(", ")}`;
});
