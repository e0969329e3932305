using Microsoft.AspNetCore.Http;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Sockets;

/// <summary>One venue as its clients see it: its paths, sessions, HTTP answers and limits.</summary>
internal interface IVenueDialect
{
    /// <summary>The markets of the venue, and who publishes what happens in them.</summary>
    VenueListing Listing { get; }

    /// <summary>Handshakes it takes.</summary>
    ConnectLimit ConnectLimit { get; }

    /// <summary>Bytes kept of a client's message; what is longer is told by its length.</summary>
    int MaxRequestBytes { get; }

    /// <summary>To be told once, before anything else.</summary>
    /// <param name="world">Null in replay mode.</param>
    void Open(MarketWorld? world);

    /// <summary>Makes the session of a WebSocket path; null = there is no such path.</summary>
    Func<SimulatorConnection, IVenueSession>? Route(HttpRequest request);

    /// <summary>Answers a request that is no WebSocket handshake: the venue's REST interface.</summary>
    Task AnswerAsync(HttpContext context);
}
