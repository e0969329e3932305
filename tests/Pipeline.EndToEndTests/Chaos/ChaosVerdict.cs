using System.Text.Json.Nodes;

namespace Pipeline.EndToEndTests.Chaos;

/// <summary>
/// What was done, by the simulator's own list, against what trades, ledger, metrics and proof say. Each contradiction is a line of
/// <see cref="Failures"/>.
/// </summary>
internal sealed class ChaosVerdict
{
    /// <summary>Faults whose strikes keep trades from the collector, or bring them in another order: each makes a hole.</summary>
    private static readonly string[] Withholding = ["F40", "F41", "F74"];

    // What is found, connected and asked anew after a connection or a collector ended.
    private const long Aftermath = 20_000_000;

    // From the end of one claim to the first look at the counters of the next, which begin at nothing.
    private const long GivingUp = 8_000_000;

    private readonly JsonNode _proof;
    private readonly ChaosActor _actor;
    private readonly ChaosLog _log;
    private readonly ChaosMetrics _metrics;
    private readonly List<ChaosStrike> _strikes;
    private readonly Dictionary<string, IReadOnlyDictionary<long, string>> _trades;
    private readonly IReadOnlyList<ChaosGap> _gaps;
    private readonly JsonNode _injected;

    public ChaosVerdict(JsonNode proof, int exit, JsonNode injected, ChaosActor actor, ChaosLog log, ChaosMetrics metrics)
    {
        (_proof, _actor, _log, _metrics, _injected) = (proof, actor, log, metrics, injected);
        _strikes = [.. injected["strikes"]!.AsArray().Select(one => ChaosStrike.Of(one!))];
        _trades = ChaosStack.Keys.ToDictionary(key => key, log.Of);
        _gaps = log.Gaps;
        Require(exit == 0, $"the collector ended with {exit}: {actor.Collector.Output}");
        Require((long)injected["forgotten"]! == 0, "the simulator forgot strikes");
        JudgeKinds();
        JudgeProof();
        JudgeWithheld();
        JudgeSilent();
        JudgeLedger();
        JudgeMetrics();
        JudgeExcess();
        JudgeLastLife();
    }

    public List<string> Failures { get; } = [];

    public TimeSpan Length { get; init; }

    /// <summary>Trades that were kept from one socket while another brought them.</summary>
    public int BroughtByAnother { get; private set; }

    public int Withheld { get; private set; }

    /// <summary>Lives, of each venue, of which it is known how many trades came twice.</summary>
    public int LivesWithoutTwins { get; private set; }

    public IEnumerable<string> Table()
    {
        var counts = _proof["counts"]!;
        yield return $"| faults | {_actor.Done.Values.Sum()}: {string.Join(", ", _actor.Done.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value}"))} |";
        yield return $"| REST errors | {string.Join(", ", _actor.RestErrors.Select(one => $"{one.Key} {one.Value}"))} |";
        yield return $"| broker | {string.Join(", ", _actor.Outages.Select(one => $"{one.Key} {one.Value}"))} |";
        yield return $"| kills | {_actor.Kills.Count}; ready again after {string.Join(", ", _actor.Kills.Where(kill => kill.Ready > 0).Select(kill => $"{(kill.Ready - kill.Killed) / 1e6:0.0} s"))}; {_metrics.Renewals.Count} times the partitions were lost and claimed again; {_log.Epochs} ownerships wrote |";
        yield return $"| strikes by the simulator's list | {_strikes.Count}; {Withheld} trades withheld, {BroughtByAnother} of them brought by another socket |";
        yield return $"| holes | {_gaps.Count}: {string.Join(", ", _gaps.GroupBy(gap => gap.State).Select(one => $"{one.Key} {one.Count()}"))}; {_gaps.Count(gap => gap.IsAnnounced)} announced; by reason {string.Join(", ", _gaps.GroupBy(gap => gap.Reason).Select(one => $"{one.Key} {one.Count()}"))} |";
        yield return $"| ids of which the venue has nothing | {SilentIds().Count} |";
        yield return $"| trades | {counts["tradeRecords"]}, {counts["compared"]} compared with the venue's, {_trades.Values.Sum(ids => ids.Values.Count(source => source == "repair"))} fetched |";
        yield return $"| candles | {counts["candlesEqual"]} equal to their trades of {counts["candleRecords"]} records |";
        yield return $"| metrics | gaps closed: {_metrics.Describe("pipeline.gaps.closed")}; pages: {_metrics.Describe("pipeline.repair.pages")}; REST: {_metrics.Describe("pipeline.rest.requests")}; ends: {_metrics.Describe("pipeline.feed.disconnects")}; dropped: {_metrics.Describe("pipeline.graph.dropped")} |";
        yield return $"| lives of the collector | {_metrics.Lives.Count}, of two venues each; in {LivesWithoutTwins} no connection was replaced; the last closed {_metrics.Lives[^1].Sum("pipeline.gaps.closed")} holes |";
        yield return $"| verify | {_proof["result"]}, {_proof["kinds"]!.ToJsonString()} |";
        yield return $"| time | {Length.TotalSeconds:0} s |";
    }

    /// <summary>What is worth keeping of a run that failed: every life's log, the proof, the ledger and the simulator's list.</summary>
    public string Save()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-chaos-").FullName;
        for (var life = 0; life < _actor.Lives.Count; life++)
        {
            File.WriteAllText(Path.Combine(folder, $"collector-{life + 1}.log"), _actor.Lives[life]);
        }

        File.WriteAllText(Path.Combine(folder, "proof.json"), _proof.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "injected.json"), _injected.ToJsonString());
        File.WriteAllLines(Path.Combine(folder, "ledger.txt"), _gaps.Select(gap => $"{gap.Opened} {gap.Updated} {gap}"));
        File.WriteAllLines(Path.Combine(folder, "log.txt"), _log.Lines);
        return folder;
    }

    private void Require(bool isSo, string what)
    {
        if (!isSo)
        {
            Failures.Add(what);
        }
    }

    private void JudgeKinds()
    {
        Require(_actor.Done.Values.Sum() >= 30, $"only {_actor.Done.Values.Sum()} faults");
        Require(_actor.Kills.Count >= 5, $"only {_actor.Kills.Count} kills");
        foreach (var kind in Enum.GetValues<ChaosKind>())
        {
            Require(_actor.Done.GetValueOrDefault(kind) >= 2, $"{kind} happened {_actor.Done.GetValueOrDefault(kind)} times");
        }

        var struck = _injected["faults"]!.AsArray().Where(fault => (int)fault!["struck"]! > 0).Select(fault => (int)fault!["handle"]!).ToHashSet();
        foreach (var kind in _actor.Handles.Values.Distinct().Where(kind => kind != ChaosKind.RestError))
        {
            var listed = _actor.Handles.Count(one => one.Value == kind && struck.Contains(one.Key));
            Require(listed == _actor.Done[kind], $"{kind} was done {_actor.Done[kind]} times, the simulator lists {listed}");
        }

        Require(_actor.RestErrors.Count == 6, $"REST failed in {_actor.RestErrors.Count} of 6 ways");
        Require(_actor.Outages.Count == 5, $"the broker failed in {_actor.Outages.Count} of 5 ways");
        Require(_log.Epochs > ChaosStack.Keys.Count, "no second owner wrote");
    }

    private void JudgeProof()
    {
        var kinds = _proof["kinds"]!.AsObject().Select(one => one.Key).Except(["venue-silent", "stale-epoch"]).ToList();
        Require((int)_proof["exitCode"]! == 0 && kinds.Count == 0, $"verify: {_proof["result"]} {_proof["kinds"]!.ToJsonString()}{Examples(kinds)}");
        var counts = _proof["counts"]!;
        Require((long)counts["compared"]! == (long)counts["ids"]!, $"{counts["compared"]} of {counts["ids"]} trades were compared with the venue's");
        Require((long)counts["candlesEqual"]! > 100, $"only {counts["candlesEqual"]} candles were compared");
    }

    private string Examples(List<string> kinds) => string.Concat(kinds.SelectMany(kind =>
        _proof["findings"]!.AsArray().Where(one => (string)one!["kind"]! == kind).Take(16).Select(one =>
            $"\n    {kind} {one!["topic"]}/{one["partition"]}@{one["offset"]} {one["instrument"]}: {one["what"]}")));

    /// <summary>A trade that no socket brought lies in a hole of the ledger, and is in the log because it was fetched.</summary>
    private void JudgeWithheld()
    {
        foreach (var strike in _strikes.Where(one => one.Ids is not null && Withholding.Contains(one.Fault)))
        {
            var key = strike.Key!;
            for (var id = strike.Ids!.Value.First; id <= strike.Ids.Value.Last; id++)
            {
                JudgeWithheld(key, id, strike);
            }
        }
    }

    private void JudgeWithheld(string key, long id, ChaosStrike strike)
    {
        var trades = _trades[key];
        if (id < trades.Keys.Min() || id > trades.Keys.Max())
        {
            return;
        }

        Withheld++;
        if (!trades.TryGetValue(id, out var source))
        {
            // Of a message with several trades not every id between them is a trade.
            Require(strike.Ids!.Value.First != strike.Ids.Value.Last, $"{key} {id}, withheld by {strike.Fault}, is not in the log");
            return;
        }

        var isKnown = _gaps.Any(gap => gap.Instrument == key && gap.Holds(id) && !gap.IsOpen);
        if (!isKnown && source == "live" && strike.Fault != "F74")
        {
            BroughtByAnother++;
            return;
        }

        Require(isKnown || strike.Fault == "F74" || source == "live", $"{key} {id}, withheld by {strike.Fault}, was fetched, and no hole of the ledger has it");
        Require(isKnown || strike.Fault != "F74" || WasHeldToTheEnd(strike), $"{key} {id} came behind its successor, and no hole of the ledger has it");
    }

    /// <summary>A frame that waits for its successor goes out by itself where the successor does not come, and not at all where the connection ends.</summary>
    private bool WasHeldToTheEnd(ChaosStrike strike) => IsAftermath(strike.Time - 1_000_000, strike.Time + 2_500_000);

    /// <summary>The ledger says of exactly those ids that the venue has nothing under them which the simulator says it never gave.</summary>
    private void JudgeSilent()
    {
        var made = _strikes.Where(one => one is { Fault: "F48", Ids: not null, Key: not null })
            .SelectMany(one => Ids(one.Ids!.Value).Select(id => (one.Key!, id)))
            .Where(one => one.id > _trades[one.Item1].Keys.Min() && one.id < _trades[one.Item1].Keys.Max()).ToHashSet();
        var told = SilentIds();
        Require(made.SetEquals(told), $"ids never given: {made.Count}, in the ledger {told.Count}; "
            + $"not in the ledger {string.Join(", ", made.Except(told).Take(5))}; in the ledger alone {string.Join(", ", told.Except(made).Take(5))}");
    }

    private HashSet<(string Key, long Id)> SilentIds() =>
        [.. _gaps.Where(gap => gap.State == "venue-silent").SelectMany(gap => gap.MissingIds.Select(id => (gap.Instrument, id)))];

    /// <summary>Every hole has ended well, and something that was done explains it.</summary>
    private void JudgeLedger()
    {
        foreach (var gap in _gaps)
        {
            Require(gap.State is "repaired" or "venue-silent", $"the ledger has {gap}");
            var isStruck = _strikes.Any(one => one.Key == gap.Instrument && one.Ids is { } ids && ids.First <= gap.ToId && ids.Last >= gap.FromId);
            Require(isStruck || IsAftermath(gap.From, gap.Opened), $"nothing that was done explains {gap}, opened {gap.Opened}");
        }
    }

    /// <summary>Whether a connection or the collector ended in this time or shortly before it.</summary>
    private bool IsAftermath(long from, long to) =>
        _strikes.Any(one => one.Fault is "F06" or "F07" or "F40" && one.Time >= from - Aftermath && one.Time <= to + 1_000_000)
        || _actor.Kills.Select(kill => kill.Killed).Concat(_metrics.Renewals).Any(end => end >= from - Aftermath && end <= to + 1_000_000);

    /// <summary>What the collector counted is at least what was done to it, but for what died uncounted with it.</summary>
    private void JudgeMetrics()
    {
        var duplicates = Counted("F73");
        RequireCount("trades twice", _metrics.Sum("pipeline.graph.dropped", detail => detail.StartsWith("duplicate", StringComparison.Ordinal)), duplicates);
        var cuts = Counted("F06") + Counted("F07");
        RequireCount("connections cut", _metrics.Sum("pipeline.feed.disconnects"), cuts);
        var refused = _strikes.Count(one => one.Fault == "F45" && one.Target.Contains("rades", StringComparison.Ordinal) && !DiedUncounted(one.Time, 12_000_000));
        var failed = _metrics.Sum("pipeline.rest.requests", outcome => outcome != "answered") + _metrics.Sum("pipeline.repair.pages", outcome => outcome == "nothing-new");
        RequireCount("REST errors", failed, refused);
        var closed = _gaps.Count(gap => !gap.IsOpen && gap.Reason != "restart" && !DiedUncounted(gap.Updated));
        RequireCount("holes closed", _metrics.Sum("pipeline.gaps.closed"), closed);
        Require(_metrics.Sum("pipeline.gaps.closed", outcome => outcome == "abandoned") == 0, "holes were given up");
    }

    /// <summary>
    /// Nor does it count what nobody did, in any of its lives and at either venue. What has no such bound: the machine may make it wait for an
    /// answer or ask in vain (<c>timeout</c>, <c>cancelled</c>), who was told to wait counts what it does not ask meanwhile
    /// (<c>rate-limited</c>), a page has nothing new whenever the venue is not that far yet (<c>nothing-new</c>), and a connection that is
    /// replaced since it was silent brings every trade twice, for as long as it takes.
    /// </summary>
    private void JudgeExcess()
    {
        foreach (var life in _metrics.Lives)
        {
            foreach (var venue in ChaosStack.Venues)
            {
                RequireAtMost("connections cut", life, venue, life.Sum("pipeline.feed.disconnects", venue, end => end is "aborted" or "network" or "closed-by-venue"), "F06", "F07");
                RequireAtMost("REST errors", life, venue, life.Sum("pipeline.rest.requests", venue, outcome => outcome is "unavailable" or "refused" or "bad-answer" or "banned"), "F45");
                if (life.Sum("pipeline.feed.connects", venue, reason => reason == "stall") == 0)
                {
                    LivesWithoutTwins++;
                    var twice = life.Sum("pipeline.graph.dropped", venue, reason => reason.StartsWith("duplicate", StringComparison.Ordinal));
                    RequireAtMost("trades twice", life, venue, twice, "F73", "F74");
                }
            }
        }
    }

    /// <summary>
    /// The last life was not killed: it closed those holes that the ledger says were closed since it began. What an earlier one had closed
    /// and not written yet when it was killed is in its counters alone. What stands in the log already is counted by nobody (<c>restart</c>).
    /// </summary>
    private void JudgeLastLife()
    {
        var life = _metrics.Lives[^1];
        var told = _gaps.Where(gap => !gap.IsOpen && gap.Updated >= life.Start).ToList();
        var (least, counted) = (told.Count(gap => gap.Reason != "restart"), life.Sum("pipeline.gaps.closed"));
        Require(
            counted >= least && counted <= told.Count,
            $"holes closed since {life.Start}: the metrics have {counted}, the ledger {least}, and {told.Count - least} of the restart");
    }

    /// <summary>A life counts what was done while it lasted, or shortly before it was seen to begin.</summary>
    private void RequireAtMost(string what, ChaosLife life, string venue, long counted, params string[] faults)
    {
        var done = _strikes.Where(one => one.Venue == venue && faults.Contains(one.Fault) && one.Time >= life.Start - 1_000_000 && one.Time <= life.End)
            .Sum(one => one.Trades);
        Require(counted <= done, $"{what}: from {life.Start} to {life.End} the metrics have {counted} of {venue}, there were {done}");
    }

    private void RequireCount(string what, long counted, long done) =>
        Require(counted >= done, $"{what}: the metrics have {counted}, there were {done}");

    private int Counted(string fault) => _strikes.Count(one => one.Fault == fault && !DiedUncounted(one.Time));

    /// <summary>The collector was killed before anybody looked at its counters, or was not there.</summary>
    private bool DiedUncounted(long time, long within = 2_000_000) =>
        _actor.Kills.Any(kill => kill.Killed > time - 1_000_000 && kill.Killed < time + within)
        || _metrics.Renewals.Any(end => end > time - 1_000_000 && end < time + within + GivingUp);

    private static IEnumerable<long> Ids((long First, long Last) range) =>
        Enumerable.Range(0, (int)(range.Last - range.First + 1)).Select(i => range.First + i);
}
