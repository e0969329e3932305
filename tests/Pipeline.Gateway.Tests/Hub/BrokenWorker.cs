using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Tests.Hub;

/// <summary>Has a defect that shows in its first turn.</summary>
internal sealed class BrokenWorker : IHubWorker
{
    public HubWork OnTurn(HubView view) => throw new InvalidOperationException("broken");

    public void OnTick(HubView view)
    {
    }

    public void OnAppeared(HubView view, MarketStream stream)
    {
    }

    public void OnInstruments(HubView view)
    {
    }

    public void OnNewLog(HubView view)
    {
    }
}
