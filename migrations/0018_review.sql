-- The review, kept and paged.
set local role counterfoil_owner;
--> statement-breakpoint
reset role;
