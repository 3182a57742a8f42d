-- Imports: a CSV is kept, read as somebody confirmed, and staged in parts.
set local role counterfoil_owner;
--> statement-breakpoint
reset role;
