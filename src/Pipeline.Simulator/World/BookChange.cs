namespace Pipeline.Simulator.World;

/// <summary>One level's new quantity (0 = the level is gone); each change has an update id of its own.</summary>
internal readonly record struct BookChange(bool Bid, long Price, long Quantity);
