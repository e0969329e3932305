namespace Pipeline.Core.Feeds;

/// <summary>Over which socket frames came, and what may have been missed before them.</summary>
/// <param name="Socket">Number of the socket, rising with each one opened in this process; 0 when they came over none.</param>
/// <param name="Series">
/// Rises whenever data of the connection may have been missed: nobody listened for a while. Two sockets that overlap share it. 0 when the
/// frames came over no socket.
/// </param>
/// <param name="Legs">Sockets that carry the same streams now; with more than one, what one lacks another may bring.</param>
public readonly record struct FrameOrigin(long Socket, long Series, int Legs);
