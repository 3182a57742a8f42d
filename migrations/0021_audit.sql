-- The trail: searched, sealed and checked.
set local role counterfoil_owner;
--> statement-breakpoint
reset role;
