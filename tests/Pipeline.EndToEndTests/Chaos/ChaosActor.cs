using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Pipeline.Kafka.Native;

namespace Pipeline.EndToEndTests.Chaos;

/// <summary>Does the steps, and keeps when each was done.</summary>
internal sealed class ChaosActor(ChaosStack stack, ChaosMetrics metrics, Action<string> tell)
{
    // A fault must find something to strike: the collector is up again within seconds.
    private static readonly TimeSpan StrikeBound = TimeSpan.FromSeconds(60);

    private readonly Dictionary<ChaosKind, int> _done = [];
    private readonly List<Task> _underWay = [];
    private Task _outage = Task.CompletedTask;

    public PipelineProcess Collector { get; private set; } = null!;

    /// <summary>How often each kind was done.</summary>
    public IReadOnlyDictionary<ChaosKind, int> Done => _done;

    /// <summary>When the collector was killed, and when it was ready again (0 = that was not waited for); microseconds since the Unix epoch.</summary>
    public List<(long Killed, long Ready)> Kills { get; } = [];

    /// <summary>Faults of REST by how the venue answered.</summary>
    public ConcurrentDictionary<string, int> RestErrors { get; } = [];

    /// <summary>Outages of the broker by how it failed.</summary>
    public ConcurrentDictionary<string, int> Outages { get; } = [];

    /// <summary>What each life of the collector said, until it was killed.</summary>
    public List<string> Lives { get; } = [];

    /// <summary>Handles of the simulator's faults, by kind.</summary>
    public ConcurrentDictionary<int, ChaosKind> Handles { get; } = [];

    public async Task StartAsync() => Collector = await stack.Local.StartCollectorAsync();

    public async Task DoAsync(ChaosStep step)
    {
        if (Collector.HasExited)
        {
            throw new InvalidOperationException($"The collector ended by itself with {Collector.ExitCode}: {Collector.Output}");
        }

        tell($"{DateTime.UtcNow:HH:mm:ss.fff} {step}");
        var doing = step.Kind switch
        {
            ChaosKind.Kill => KillAsync(step),
            ChaosKind.BrokerOutage => BreakBrokerAsync(step),
            ChaosKind.RestError => BreakRestAsync(step),
            _ => FaultAsync(step),
        };
        if (step.Waits)
        {
            await doing;
        }
        else
        {
            // What comes next goes wrong in the middle of this.
            _underWay.Add(doing);
        }

        _done[step.Kind] = _done.GetValueOrDefault(step.Kind) + 1;
        await Task.Delay(step.Pause);
    }

    /// <summary>Lets everything that was begun strike, then nothing more goes wrong.</summary>
    public async Task EndAsync()
    {
        await Task.WhenAll(_underWay);
        await stack.Control.EndFaultsAsync();
        await _outage;
        stack.Broker.LetAnswersGo();
        stack.Broker.Up();
        await Until.TrueAsync(stack.Local.IsCollectorReadyAsync, () => Collector.Output, StrikeBound);
    }

    private async Task FaultAsync(ChaosStep step)
    {
        var stream = ChaosStack.NamesOf(step.Key).Stream;
        var symbol = ChaosStack.NamesOf(step.Key).Symbol;
        var (fault, strikes) = step.Kind switch
        {
            ChaosKind.Cut when step.Variant % 3 == 0 => ($$"""{"id":"F06","venue":"{{step.Venue}}","count":1}""", 1),
            ChaosKind.Cut => ($$$"""{"id":"F07","venue":"{{{step.Venue}}}","count":1,"parameters":{"deadFor":"{{{step.Variant % 3 * 350 - 350}}}ms"}}""", 1),
            ChaosKind.Stall => ($$"""{"id":"F40","venue":"{{step.Venue}}","for":"{{(int)step.Length.TotalMilliseconds + 1500}}ms"}""", 1),
            ChaosKind.Duplicate => ($$"""{"id":"F73","venue":"{{step.Venue}}","stream":"{{stream}}","count":{{step.Frames}}}""", step.Frames),
            ChaosKind.Reorder => ($$"""{"id":"F74","venue":"{{step.Venue}}","stream":"{{stream}}","count":1}""", 1),
            ChaosKind.Drop => (Drop(step), step.Frames),
            ChaosKind.Hole => ($$$"""{"id":"F48","venue":"{{{step.Venue}}}","symbol":"{{{symbol}}}","count":1,"parameters":{"ids":{{{step.Frames}}}}}""", 1),
            _ => throw new InvalidOperationException($"{step.Kind}"),
        };
        await StrikeAsync(step.Kind, fault, strikes, isToEnd: step.Kind == ChaosKind.Stall);
    }

    private async Task BreakRestAsync(ChaosStep step)
    {
        string[] ways = ["429", "500", "hang", "reset", "empty", "lag"];
        var way = ways[step.Variant % ways.Length];
        var fault = way switch
        {
            "lag" => $$$"""{"id":"F67","venue":"{{{step.Venue}}}","count":2,"parameters":{"delay":"{{{(int)step.Length.TotalMilliseconds / 2}}}ms","stale":"5s","path":"*trades*"}}""",
            "hang" => $$$"""{"id":"F45","venue":"{{{step.Venue}}}","for":"{{{(int)step.Length.TotalMilliseconds + 1000}}}ms","parameters":{"status":"hang","path":"*trades*"}}""",
            _ => $$$"""{"id":"F45","venue":"{{{step.Venue}}}","count":2,"parameters":{"status":"{{{way}}}","retryAfter":"1s","path":"*trades*"}}""",
        };
        var failing = StrikeAsync(ChaosKind.RestError, fault, 1, isToEnd: false, then: () => stack.Control.FaultAsync(Drop(step)));
        await StrikeAsync(ChaosKind.RestError, Drop(step), step.Frames, isToEnd: false);
        await failing;
        RestErrors.AddOrUpdate(way, 1, (_, count) => count + 1);
    }

    private async Task BreakBrokerAsync(ChaosStep step)
    {
        // One at a time.
        var before = _outage;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _outage = done.Task;
        await before;
        string[] ways = ["refused", "held", "down", "held beyond the lease", "down beyond the lease"];
        var way = ways[step.Variant % ways.Length];
        Outages.AddOrUpdate(way, 1, (_, count) => count + 1);
        await (way switch
        {
            "refused" => RefuseAsync(step.Frames),
            "held" => HoldAsync(step.Length),
            "held beyond the lease" => HoldAsync(ChaosStack.Lease + step.Length),
            "down beyond the lease" => GoDownAsync(ChaosStack.Lease + step.Length),
            _ => GoDownAsync(step.Length),
        });
        done.SetResult();
    }

    private Task RefuseAsync(int times)
    {
        stack.Broker.RefuseProduce([.. Enumerable.Repeat(ErrorCode.NotEnoughReplicas, times)]);
        return Task.CompletedTask;
    }

    private async Task HoldAsync(TimeSpan length)
    {
        stack.Broker.HoldAnswers();
        await Task.Delay(length);
        stack.Broker.LetAnswersGo();
    }

    private async Task GoDownAsync(TimeSpan length)
    {
        await stack.Broker.DownAsync();
        await Task.Delay(length);
        stack.Broker.Up();
    }

    private async Task KillAsync(ChaosStep step)
    {
        await Task.Delay(step.Delay);
        var killed = StackControl.Now;
        Collector.Signal(PipelineProcess.SigKill);
        await Collector.WaitForExitAsync();
        metrics.EndLife();
        Lives.Add(Collector.Output);
        Collector = stack.Local.BeginCollector();
        var kill = Kills.Count;
        Kills.Add((killed, 0));
        if (step.WaitsForReady)
        {
            await Until.TrueAsync(stack.Local.IsCollectorReadyAsync, () => Collector.Output, StrikeBound);
            Kills[kill] = (killed, StackControl.Now);
        }
    }

    private static string Drop(ChaosStep step) =>
        $$"""{"id":"F41","venue":"{{step.Venue}}","stream":"{{ChaosStack.NamesOf(step.Key).Stream}}","count":{{step.Frames}}}""";

    /// <summary>
    /// Waits until the fault has done what it is to do. One that lasts for a time may be over before a collector that was killed meanwhile
    /// is there again: then once more.
    /// </summary>
    /// <param name="isToEnd">Whether it is to be over, too.</param>
    /// <param name="then">What is needed besides for it to find something to strike.</param>
    private async Task StrikeAsync(ChaosKind kind, string fault, int strikes, bool isToEnd, Func<Task>? then = null)
    {
        var handle = await BeginAsync();
        await Until.TrueAsync(
            async () =>
            {
                if (await HasStruckAsync(handle, strikes, isToEnd))
                {
                    return true;
                }

                if (await IsOverAsync(handle) && !await HasStruckAsync(handle, strikes, isToEnd))
                {
                    handle = await BeginAsync();
                    await (then?.Invoke() ?? Task.CompletedTask);
                }

                return false;
            },
            () => $"{fault} did not strike. {Collector.Output}",
            StrikeBound);

        async Task<int> BeginAsync()
        {
            var begun = await stack.Control.FaultAsync(fault);
            Handles[begun] = kind;
            return begun;
        }
    }

    private async Task<bool> HasStruckAsync(int handle, int strikes, bool isToEnd)
    {
        var faults = await stack.Control.FaultsAsync();
        var isOver = Find(faults["ended"]!, handle) is not null;
        return (Find(faults["active"]!, handle) ?? Find(faults["ended"]!, handle)) is { } fault
            && (int)fault["struck"]! >= strikes && (isOver || !isToEnd);
    }

    private async Task<bool> IsOverAsync(int handle) => Find((await stack.Control.FaultsAsync())["ended"]!, handle) is not null;

    private static JsonNode? Find(JsonNode faults, int handle) => faults.AsArray().FirstOrDefault(one => (int)one!["handle"]! == handle);
}
