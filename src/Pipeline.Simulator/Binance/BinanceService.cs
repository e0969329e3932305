using Pipeline.Simulator.Binance.Rest;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>What makes one of Binance's services differ from the other.</summary>
/// <param name="Listing">Its markets and who publishes them.</param>
/// <param name="Limits">What a client may do.</param>
/// <param name="Endpoints">REST by path.</param>
internal sealed record BinanceService(VenueListing Listing, BinanceLimits Limits, IReadOnlyDictionary<string, RestEndpoint> Endpoints);
