using Pipeline.Core.Market;
using Pipeline.Host.Collecting;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Graph;
using Pipeline.Tests.Kafka;

namespace Pipeline.Tests.Host.Collecting;

public sealed class AuditTapTests
{
    private readonly LinesLog _log = new();
    private readonly TestTimeProvider _clock = new();

    [Fact]
    public async Task WriteAsync_Findings_AreSaidUpToSoManyAMinute_AndPassedOnAll()
    {
        var tap = new AuditTap(new CollectingSink(), _clock, _log);
        await WriteAsync(tap, AuditCause.PartialStart, 3);
        Assert.Empty(_log.Lines);
        await WriteAsync(tap, AuditCause.Withheld, 25);
        Assert.Equal(10, _log.Lines.Length);
        Assert.Contains("binance:BTC-USDT 1m", _log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("withheld, agrees now; ours / the venue's: quoteVolume 293284.11 / 293284.11, trades none / 57", _log.Lines[0], StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromMinutes(1));
        await WriteAsync(tap, AuditCause.VenueDiffers, 1);
        Assert.Equal(12, _log.Lines.Length);
        Assert.Contains("15 more findings", _log.Lines[10], StringComparison.Ordinal);
        Assert.Contains("venue-differs", _log.Lines[11], StringComparison.Ordinal);
    }

    private static async Task WriteAsync(AuditTap tap, AuditCause cause, int count)
    {
        var batch = new MarketBatch();
        for (var i = 0; i < count; i++)
        {
            batch.Add(MarketSamples.Audit(cause));
        }

        await tap.WriteAsync(batch, CancellationToken.None);
    }
}
