namespace Pipeline.Fanout.Outboxes;

/// <summary>A message that waits for one client.</summary>
/// <param name="Message">Null = replaced or removed meanwhile.</param>
/// <param name="Key">What a newer message replaces; null = nothing does.</param>
/// <param name="Conflated">Messages this one stands for besides itself.</param>
/// <param name="Tick">Sweep at which it was posted: its age counts in sweeps.</param>
public readonly record struct OutboxItem(SharedMessage Message, object? Key, int Conflated, int Tick, Delivery Delivery);
