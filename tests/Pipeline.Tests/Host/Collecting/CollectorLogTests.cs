using Microsoft.Extensions.Logging;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Host.Collecting;

namespace Pipeline.Tests.Host.Collecting;

public sealed class CollectorLogTests
{
    [Fact]
    public void Lost_ByTheVenue_ShowsItsLastWords()
    {
        var end = Ended(DisconnectionReason.ClosedByVenue) with { CloseCode = 1008, CloseText = "Policy", LastFrame = "Pong timeout" };

        Assert.Equal(
            (LogLevel.Warning, "binance-1 lost (ClosedByVenue) after 60 s: close 1008 Policy, last frame: Pong timeout"),
            Assert.Single(Log(new ConnectionLost("binance", "binance-1", end))));
    }

    [Fact]
    public void Lost_ByOurselves_ShowsNoFrame()
    {
        var end = Ended(DisconnectionReason.Overload) with { LastFrame = "{\"stream\":\"btcusdt@trade\"}" };

        Assert.DoesNotContain("stream", Assert.Single(Log(new ConnectionLost("binance", "binance-1", end))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Failed_WithAdvice_IsAnErrorThatSaysWhatToDo_AndAWarningWithout()
    {
        var error = new FeedConnectException(DisconnectionReason.Handshake, "wss://x answered 451", 451);
        var end = new DisconnectionInfo(DisconnectionReason.Handshake, false, null, null, 451, TimeSpan.Zero, error);

        var told = Assert.Single(Log(new ConnectionLost("binance", "binance-1", end with { Advice = error.Advice })));
        Assert.Equal(LogLevel.Error, told.Level);
        Assert.Contains("HTTP 451", told.Text, StringComparison.Ordinal);
        Assert.Contains("venues.*.network.proxies", told.Text, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Warning, Assert.Single(Log(new ConnectionLost("binance", "binance-1", end))).Level);
    }

    [Theory]
    [InlineData(Compression.NotOffered, new[] { LogLevel.Information }, false)]
    [InlineData(Compression.Negotiated, new[] { LogLevel.Information }, true)]
    [InlineData(Compression.Declined, new[] { LogLevel.Information, LogLevel.Warning }, false)]
    public void Opened_TellsWhatBecameOfCompression(Compression compression, LogLevel[] levels, bool isCompressed)
    {
        var opened = new ReconnectionInfo(ReconnectionReason.Initial, TimeSpan.Zero) { Compression = compression };

        var lines = Log(new ConnectionOpened("binance", "binance-1", opened));

        Assert.Equal(levels, lines.Select(line => line.Level));
        Assert.Equal(isCompressed, lines[0].Text.EndsWith(", compressed", StringComparison.Ordinal));
    }

    [Fact]
    public void TrafficBudget_IsAWarningThatNamesTheSmallTopology_AndItsEndIsNone()
    {
        var exceeded = Assert.Single(Log(new TrafficBudgetExceeded("binance", 300_000, 262_144)));
        Assert.Equal(LogLevel.Warning, exceeded.Level);
        Assert.Contains("300000 bytes a second", exceeded.Text, StringComparison.Ordinal);
        Assert.Contains("topology/live-small.yaml", exceeded.Text, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Information, Assert.Single(Log(new TrafficWithinBudget("binance", 200_000, 262_144))).Level);
    }

    [Fact]
    public void Announcement_IsQuotedWithItsConnection() =>
        Assert.Equal(
            (LogLevel.Information, "okx-public-1 is about to be ended by the venue: {\"event\":\"notice\"}"),
            Assert.Single(Log(new ShutdownAnnounced("okx", "okx-public-1", "{\"event\":\"notice\"}"))));

    private static DisconnectionInfo Ended(DisconnectionReason reason) =>
        new(reason, true, null, null, null, TimeSpan.FromSeconds(60), null);

    private static List<(LogLevel Level, string Text)> Log(FeedEvent happened)
    {
        var log = new ListLogger();
        new ConnectionJournal(log).Note(happened);
        return log.Lines;
    }

    private sealed class ListLogger : ILogger
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format) =>
            Lines.Add((level, format(state, error)));
    }
}
