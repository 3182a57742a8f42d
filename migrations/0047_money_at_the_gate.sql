-- Filled in by its own change.
set local role counterfoil_owner;
--> statement-breakpoint
--> statement-breakpoint
reset role;
