// Draws the contract, to be read: requests are made by clients, not from here.
"use strict";
SwaggerUIBundle({
  url: document.getElementById("reference").dataset.contract,
  dom_id: "#reference",
  docExpansion: "none",
  filter: true,
  supportedSubmitMethods: [],
  validatorUrl: null,
});
