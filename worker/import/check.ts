/**
 * Mapped rows to staged items. Any row may fill any column; an entity exists where its key is
 * filled; what rows repeat collapses, what they contradict is a problem on the item.
 */
