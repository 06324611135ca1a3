// Keeps what a form marked data-draft="name" holds until the server has it.
"use strict";
