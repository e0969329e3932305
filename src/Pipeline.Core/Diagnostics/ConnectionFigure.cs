namespace Pipeline.Core.Diagnostics;

/// <summary>How one connection to a venue stands.</summary>
/// <param name="Streams">Wished for on it.</param>
/// <param name="Confirmed">Those of them that the venue has confirmed.</param>
public readonly record struct ConnectionFigure(string Venue, string Connection, bool IsRunning, int Streams, int Confirmed);
