using Pipeline.TestKit.Time;
using Pipeline.Venues.Rest;

namespace Pipeline.Tests.Venues.Rest;

public sealed class WeightBudgetTests : IDisposable
{
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private readonly TestTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 20, TimeSpan.Zero));
    private readonly List<string> _turns = [];

    public void Dispose() => SynchronizationContext.SetSynchronizationContext(_context);

    [Fact]
    public void PerMinute_Full_WaitsForTheNextUtcMinuteInOrder()
    {
        var budget = WeightBudget.PerMinute(10, _time, urgentPercent: 0);
        Take(budget, "a", 10);
        Take(budget, "b", 5);
        Take(budget, "c", 6);
        Take(budget, "d", 1);
        Assert.Equal(["a 0"], _turns);

        // d would fit beside b, yet c was first.
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["a 0", "b 41", "c 101", "d 101"], _turns);
        Assert.Equal(0, _time.PendingTimers);
    }

    [Fact]
    public void PerMinute_OrdinaryCalls_LeaveTheUrgentShareFree()
    {
        var budget = WeightBudget.PerMinute(100, _time);
        Take(budget, "a", 70);
        Take(budget, "b", 1);
        Take(budget, "urgent", 30, urgent: true);
        Take(budget, "late", 1, urgent: true);
        Assert.Equal(["a 0", "urgent 0"], _turns);
        _time.Advance(TimeSpan.FromSeconds(41));
        Assert.Equal(4, _turns.Count);
    }

    [Fact]
    public void Synchronise_HigherCountOfTheRunningMinute_IsBelieved()
    {
        var budget = WeightBudget.PerMinute(10, _time, urgentPercent: 0);
        var window = Take(budget, "a", 1);
        budget.Synchronise(window, 3);
        budget.Synchronise(window, 1);
        Take(budget, "b", 7);
        Take(budget, "c", 1);
        Assert.Equal(["a 0", "b 0"], _turns);
    }

    [Fact]
    public void Synchronise_CountOfAnEarlierMinute_ChangesNothing()
    {
        var budget = WeightBudget.PerMinute(10, _time, urgentPercent: 0);
        var window = Take(budget, "a", 1);
        _time.Advance(TimeSpan.FromSeconds(41));
        budget.Synchronise(window, 10);
        Take(budget, "b", 10);
        Assert.Equal(["a 0", "b 41"], _turns);
    }

    [Fact]
    public void Synchronise_CountOfARequestAtTheTurn_MayMeanTheOldMinuteAndChangesNothing()
    {
        var budget = WeightBudget.PerMinute(10, _time, urgentPercent: 0);
        _time.Advance(TimeSpan.FromSeconds(41.5));
        budget.Synchronise(Take(budget, "early", 1), 10);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        var sure = Take(budget, "sure", 1);
        Take(budget, "fits", 8);
        Assert.Equal(["early 41.5", "sure 42", "fits 42"], _turns);

        budget.Synchronise(sure, 10);
        Assert.Equal(10, budget.Used);
    }

    [Fact]
    public void Rolling_NeverMoreThanTheLimitInAnySpan()
    {
        var budget = WeightBudget.Rolling(3, TimeSpan.FromSeconds(2), _time, urgentPercent: 0);
        Take(budget, "a");
        _time.Advance(TimeSpan.FromSeconds(1));
        foreach (var name in new[] { "b", "c", "d", "e", "f" })
        {
            Take(budget, name);
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["a 0", "b 1", "c 1", "d 2.1", "e 3.1", "f 3.1"], _turns);
    }

    [Fact]
    public async Task TakeAsync_CancelledInLine_LeavesTheOthersTheirTurn()
    {
        using var cancellation = new CancellationTokenSource();
        var budget = WeightBudget.PerMinute(10, _time, urgentPercent: 0);
        Take(budget, "a", 10);
        var cancelled = budget.TakeAsync(10, urgent: false, cancellation.Token).AsTask();
        Take(budget, "b", 10);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _time.Advance(TimeSpan.FromSeconds(41));
        Assert.Equal(["a 0", "b 41"], _turns);
    }

    [Fact]
    public void TakeAsync_MoreThanAWindowHolds_IsAnError()
    {
        var budget = WeightBudget.PerMinute(100, _time);
        Assert.Throws<ArgumentOutOfRangeException>(() => budget.TakeAsync(71, urgent: false, default).AsTask().IsCompleted);
    }

    /// <summary>Notes the turn and its second when it comes; returns the window when it came at once.</summary>
    private long Take(WeightBudget budget, string name, int weight = 1, bool urgent = false)
    {
        // Continuations shall run inline, so that what a step of the clock causes has happened when it returns.
        SynchronizationContext.SetSynchronizationContext(null);
        var turn = NoteAsync();
        return turn.IsCompletedSuccessfully ? turn.Result : -1;

        async Task<long> NoteAsync()
        {
            var window = await budget.TakeAsync(weight, urgent, default);
            _turns.Add(FormattableString.Invariant($"{name} {_time.Elapsed.TotalSeconds}"));
            return window;
        }
    }
}
