using System.Net;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Binance.Rest;

/// <summary>The budget of <c>fundingRate</c> and <c>fundingInfo</c> of futures: 500 requests per address and five minutes, no weight.</summary>
internal sealed class FundingBudget(TimeProvider clock)
{
    /// <summary>Stands for this budget where an endpoint's weight is asked.</summary>
    public const int Weight = -1;

    private readonly ConnectBudget _requests = new(clock, new ConnectLimit(500, TimeSpan.FromMinutes(5)));

    public bool TryTake(IPAddress address, out TimeSpan wait) => _requests.TryTake(address, out wait);
}
