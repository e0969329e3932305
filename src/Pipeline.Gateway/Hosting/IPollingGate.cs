using System.Net;

namespace Pipeline.Gateway.Hosting;

/// <summary>
/// Lets clients in that poll, on the terms of those with a WebSocket: not while the gateway stops, is not ready or short of memory, and no
/// more of them together than may be. Origin and token are judged before, as of every request. For any thread.
/// </summary>
internal interface IPollingGate
{
    /// <summary>Null when the client is let in: it counts from now on, until <see cref="Leave"/>.</summary>
    Refusal? Enter(IPAddress address);

    /// <summary>Once for each that was let in.</summary>
    void Leave(IPAddress address);
}
