/** Bounds that more than one floor needs. Units are in the name. */

export const SESSION_IDLE_SECONDS = 30 * 60;
export const CSV_MAX_BYTES = 20_000_000;
export const CSV_MAX_ROWS = 100_000;
export const PDF_MAX_BYTES = 25_000_000;
/** What one ZIP holds at most. */
export const ZIP_MAX_DOCUMENTS = 200;
export const ZIP_MAX_BYTES = 250_000_000;
export const LOGO_MAX_BYTES = 200 * 1024;
export const PAGE_SIZE = 20;
/** The longest search of a customer's that is sent on. */
export const SEARCH_MAX_CHARACTERS = 100;
/** Documents that one request may name for a ZIP: their ids have to fit an address. */
export const ZIP_MAX_SELECTED = 100;
/** Of what a customer asks to have changed, and of why staff decline it. */
export const CHANGE_NAME_MAX_CHARACTERS = 200;
export const CHANGE_ADDRESS_MAX_CHARACTERS = 500;
export const CHANGE_NOTE_MAX_CHARACTERS = 1000;
/** A statement of more years is asked for in parts. */
export const STATEMENT_MAX_YEARS = 10;
/** As long as orders can be shown at all. */
export const INSIGHTS_MAX_YEARS = 10;
/** Invoices of one export; more are for a shorter period. */
export const EXPORT_MAX_INVOICES = 5_000;
/** Customers that one request may send links to. */
export const BULK_MAX_CUSTOMERS = 200;
