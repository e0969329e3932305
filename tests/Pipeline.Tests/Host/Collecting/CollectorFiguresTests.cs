using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Host.Collecting;
using Pipeline.Host.Status;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Host.Collecting;

public sealed class CollectorFiguresTests
{
    private readonly TestTimeProvider _time = new();
    private readonly CollectorFigures _figures;

    public CollectorFiguresTests() => _figures = new CollectorFigures(_time);

    [Fact]
    public void ToSections_NoAnswerYet_SaysSo() =>
        Assert.Equal("no figures yet", Assert.Single(Assert.Single(_figures.ToSections()).Rows).Value);

    [Fact]
    public void ToSections_TwoAnswers_ShowRatesBetweenThem()
    {
        _figures.Apply(Read(frames: 1000, deadLetters: 0));
        _time.Advance(TimeSpan.FromSeconds(2));
        _figures.Apply(Read(frames: 3468, deadLetters: 3));
        var rows = _figures.ToSections().SelectMany(section => section.Rows).ToDictionary(row => row.Name);

        Assert.Equal("1,234/s, 3,468 in all", rows["frames"].Value);
        Assert.Equal(new StatusRow("dead letters", "3 (unknown 3)", StatusTone.Warning), rows["dead letters"]);
        Assert.Equal("8 of 8 streams, 1,234/s, 2 reconnects, last 1.5 s ago", rows["binance-1"].Value);
        Assert.Equal(StatusTone.Good, rows["binance-1"].Tone);
        Assert.Equal(new StatusRow("entrance", "32 of 32", StatusTone.Warning), rows["entrance"]);
    }

    [Fact]
    public void ToSections_StreamsAreJudged_SaysHowManyAreFresh()
    {
        List<CollectorStatistics.Counter> Counters(params (string Venue, string State, long Count)[] states) =>
            [.. states.Select(state => new CollectorStatistics.Counter("pipeline.streams", state.Venue, state.State, state.Count))];
        StatusRow Row(List<CollectorStatistics.Counter> counters)
        {
            _figures.Apply(new CollectorStatistics(1, MarketTime.Now(_time), [], counters, []));
            return _figures.ToSections()[0].Rows.Single(row => row.Name == "fresh");
        }

        Assert.Equal(
            new StatusRow("fresh", "1,205 of 1,215 streams, 10 quiet", StatusTone.Good),
            Row(Counters(("binance", "fresh", 1200), ("okx", "fresh", 5), ("okx", "quiet", 10), ("okx", "stale", 0))));
        Assert.Equal(
            new StatusRow("fresh", "5 of 8 streams, 2 stale, 1 starting", StatusTone.Warning),
            Row(Counters(("binance", "fresh", 5), ("okx", "stale", 2), ("okx", "starting", 1))));
    }

    [Fact]
    public void ToSections_GapsAndLatency_AreRowsOfTheFlow()
    {
        _figures.Apply(new CollectorStatistics(1, MarketTime.Now(_time), [],
        [
            new("pipeline.gaps.open", "binance", "", 2), new("pipeline.gaps.open", "okx", "", 1), new("pipeline.gaps.closed", "binance", "repaired", 4),
            new("pipeline.gaps.closed", "okx", "repaired", 3), new("pipeline.gaps.closed", "okx", "venue-silent", 1),
            new("pipeline.feed.lag", "binance", "newest", 12_340), new("pipeline.feed.lag", "binance", "usual", 900), new("pipeline.feed.lag", "okx", "newest", 51_000),
        ],
        []));
        var rows = _figures.ToSections()[0].Rows.ToDictionary(row => row.Name);

        Assert.Equal(new StatusRow("gaps", "3 open, 7 repaired, 1 venue-silent", StatusTone.Warning), rows["gaps"]);
        Assert.Equal("okx 51.0 ms, binance 12.3 ms (venue's time until received)", rows["latency"].Value);
    }

    [Fact]
    public void ToSections_CountersWentBack_HaveNoRate()
    {
        _figures.Apply(Read(frames: 5000, deadLetters: 0));
        _time.Advance(TimeSpan.FromSeconds(1));
        _figures.Apply(Read(frames: 10, deadLetters: 0));

        Assert.Equal("…/s, 10 in all", _figures.ToSections()[0].Rows[0].Value);
    }

    [Fact]
    public void ToSections_SeveralVenues_ShareOneSectionWithARowEach()
    {
        string[] names = ["binance", "binance-futures", "okx", "bybit", "solana"];
        var venues = names.Select(name => Venue(name, name == "okx" ? 20 : 1)).ToList();
        _figures.Apply(new CollectorStatistics(1, MarketTime.Now(_time), venues, [], []));
        _time.Advance(TimeSpan.FromSeconds(2));
        _figures.Apply(new CollectorStatistics(3, MarketTime.Now(_time), [.. venues.Select(venue => Later(venue, unwell: 0))], [], []));

        var section = Assert.Single(_figures.ToSections(), section => section.Name == "venues");
        Assert.Equal(["binance-1", "binance-futures-1", "okx", "bybit-1", "solana-1"], section.Rows.Select(row => row.Name));
        Assert.Equal(
            new StatusRow("okx", "160 of 160 streams on 20 connections, 2,000/s, 0 reconnects", StatusTone.Good), section.Rows[2]);

        _figures.Apply(new CollectorStatistics(3, MarketTime.Now(_time), [.. venues.Select(venue => Later(venue, unwell: 5))], [], []));
        section = Assert.Single(_figures.ToSections(), section => section.Name == "venues");
        Assert.Equal(
            ["binance-1", "binance-futures-1", "okx", "okx-1", "okx-2", "okx-3", "bybit-1", "solana-1"], section.Rows.Select(row => row.Name));
        Assert.EndsWith("; 2 more are unwell", section.Rows[2].Value, StringComparison.Ordinal);
        Assert.All(section.Rows, row => Assert.Equal(StatusTone.Warning, row.Tone));
    }

    private static CollectorStatistics.Venue Venue(string name, int connections) => new(
        name,
        [.. Enumerable.Range(1, connections).Select(number => new CollectorStatistics.Connection($"{name}-{number}", 8, 8, true, 100, 0, 0))]);

    private CollectorStatistics.Venue Later(CollectorStatistics.Venue venue, int unwell) => venue with
    {
        Connections =
        [
            .. venue.Connections.Select((one, i) => one with
            {
                Frames = 300, Running = i >= unwell, LastMessageAt = MarketTime.Now(_time),
            }),
        ],
    };

    private CollectorStatistics Read(long frames, long deadLetters)
    {
        var now = MarketTime.Now(_time);
        var text = $$"""
            {"uptimeSeconds":1.5,"marketTime":{{now}},"venues":[{"name":"binance","connections":[{"name":"binance-1","streams":8,"confirmed":8,"running":true,
            "frames":{{frames}},"reconnects":2,"lastMessageAt":{{now - 1_500_000}}}]}],
            "counters":[{"name":"pipeline.feed.frames","tag":"binance","detail":"","value":{{frames}}},
            {"name":"pipeline.feed.dead_letters","tag":"binance","detail":"unknown","value":{{deadLetters}}}],
            "queues":[{"name":"entrance","length":32,"capacity":32}]}
            """;
        return JsonSerializer.Deserialize<CollectorStatistics>(text, JsonSerializerOptions.Web)!;
    }
}
