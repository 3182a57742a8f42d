-- What follows an approval: parts taken back, and who saw them.
set local role counterfoil_owner;
--> statement-breakpoint
reset role;
