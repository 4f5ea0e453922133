"use strict";
const boton = document.getElementById("otra-vez");
boton.addEventListener("click", () => window.location.reload());
let abierta = false;
// The keyboard is on the terminal as soon as it draws, and on what is left to do when it ended.
new MutationObserver(() => {
  const clases = document.body.classList;
  if (clases.contains("-closed")) boton.focus();
  else if (clases.contains("-first-byte") && !abierta) {
    abierta = true;
    document.querySelector(".xterm-helper-textarea").focus();
  }
}).observe(document.body, { attributes: true, attributeFilter: ["class"] });
