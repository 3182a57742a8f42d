export const handleOf = true;
