using Pipeline.Simulator.Faults;

namespace Pipeline.Simulator.Scenarios;

/// <summary>Switches the faults of a scenario on when they are due, by the simulator's clock.</summary>
internal sealed class ScenarioRunner : IDisposable
{
    private readonly FaultBoard _board;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly int[] _done;
    private readonly long _start;
    private readonly ITimer _timer;
    private string? _failure;

    public ScenarioRunner(Scenario scenario, FaultBoard board, TimeProvider clock)
    {
        Scenario = scenario;
        _board = board;
        _clock = clock;
        _done = new int[scenario.Steps.Count];
        _start = clock.GetTimestamp();
        _timer = clock.CreateTimer(static me => ((ScenarioRunner)me!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Run();
    }

    public Scenario Scenario { get; }

    public TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    /// <summary>Why the scenario went no further; null = nothing is in its way.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>How often each step was done, and when it is due next (null = no more).</summary>
    public IReadOnlyList<(int Done, TimeSpan? Next)> Progress
    {
        get
        {
            lock (_gate)
            {
                return [.. Scenario.Steps.Select((step, i) => (_done[i], step.Due(_done[i])))];
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Run()
    {
        while (TakeDue() is { } step)
        {
            try
            {
                _board.Add(step.Request);
            }
            catch (InvalidOperationException e)
            {
                Volatile.Write(ref _failure, $"line {step.Line}: {e.Message}");
            }
        }
    }

    /// <summary>The next step that is due, earliest first and of equal ones the upper; else sets the timer.</summary>
    private ScenarioStep? TakeDue()
    {
        lock (_gate)
        {
            var next = Scenario.Steps.Select((step, index) => (Step: step, Index: index, Due: step.Due(_done[index])))
                .Where(one => one.Due is not null).OrderBy(one => one.Due).FirstOrDefault();
            if (next.Due is not { } due)
            {
                return null;
            }

            var wait = due - Elapsed;
            if (wait > TimeSpan.Zero)
            {
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                return null;
            }

            _done[next.Index]++;
            return next.Step;
        }
    }
}
