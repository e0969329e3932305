using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Sequencing;

/// <summary>Notes what is asked for and forgotten; the test answers.</summary>
internal sealed class FakeRepairs : ITradeRepairs
{
    public List<RepairRequest> Requests { get; } = [];

    public List<long> Forgotten { get; } = [];

    public void Request(RepairRequest request) => Requests.Add(request);

    public void Forget(Instrument instrument, long fromId) => Forgotten.Add(fromId);
}
