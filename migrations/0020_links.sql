-- Customers, their links, and seeing as one.
set local role counterfoil_owner;
--> statement-breakpoint
reset role;
