set local role counterfoil_owner;
--> statement-breakpoint
reset role;
