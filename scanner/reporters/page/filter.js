"use strict";
(function () {
  var table = document.querySelector("table.filtered");
  if (table) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    var form = document.createElement("form");
    form.className = "filter";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "Filter findings");
    form.innerHTML =
      '<label>Severity <select><option value="">all</option><option>Critical</option><option>High</option>' +
      "<option>Medium</option><option>Low</option><option>Info</option></select></label> " +
      '<label>Text <input type="search" autocomplete="off"></label> <span role="status"></span>';
    var select = form.querySelector("select");
    var input = form.querySelector("input");
    var status = form.querySelector("span");
    var apply = function () {
      var wanted = input.value.trim().toLowerCase();
      var left = 0;
      rows.forEach(function (row) {
        var severity = row.getAttribute("data-severity");
        var keep =
          (!select.value || select.value === severity) &&
          (!wanted || row.textContent.toLowerCase().indexOf(wanted) >= 0);
        row.hidden = !keep;
        left += keep ? 1 : 0;
      });
      status.textContent = left + " of " + rows.length + " shown";
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    var region = table.parentNode;
    region.parentNode.insertBefore(form, region);
  }
})();
