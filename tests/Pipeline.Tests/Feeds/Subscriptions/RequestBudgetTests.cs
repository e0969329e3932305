using Pipeline.Core.Feeds.Subscriptions;

namespace Pipeline.Tests.Feeds.Subscriptions;

public sealed class RequestBudgetTests
{
    [Fact]
    public void Hour_AnyHour_NeverHoldsMoreThanAllowed()
    {
        var budget = new RequestBudget(480);
        var random = new Random(1);
        var made = new List<TimeSpan>();
        var now = TimeSpan.FromDays(3);
        while (made.Count < 3000)
        {
            now += budget.WaitAt(now) + TimeSpan.FromSeconds(random.NextDouble() * 5);
            if (budget.WaitAt(now) == TimeSpan.Zero)
            {
                budget.Use(now);
                made.Add(now);
            }
        }

        for (var i = 480; i < made.Count; i++)
        {
            Assert.True(made[i] - made[i - 480] >= TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public void UsedUp_IsToldOnce_UntilARequestWasMadeAgain()
    {
        var budget = new RequestBudget(2);
        budget.Use(At(0));
        Assert.Null(budget.TakeNotice(At(5)));
        budget.Use(At(10));

        Assert.Equal(TimeSpan.FromSeconds(3580), budget.TakeNotice(At(20)));
        Assert.Null(budget.TakeNotice(At(30)));
        Assert.Equal(TimeSpan.Zero, budget.WaitAt(At(3600)));
        budget.Use(At(3600));
        Assert.Equal(TimeSpan.FromSeconds(10), budget.TakeNotice(At(3600)));
    }

    [Fact]
    public void Pauses_Double_AndBeginAfreshAfterARequestWasTaken()
    {
        var budget = new RequestBudget(null);
        budget.Pause(At(0));
        budget.Pause(At(1));
        Assert.Equal(TimeSpan.FromSeconds(9), budget.WaitAt(At(1)));
        budget.Pause(At(10));
        Assert.Equal(TimeSpan.FromSeconds(20), budget.WaitAt(At(10)));
        budget.Pause(At(30));
        Assert.Equal(TimeSpan.FromSeconds(40), budget.WaitAt(At(30)));
        budget.Relax();
        budget.Pause(At(70));
        Assert.Equal(TimeSpan.FromSeconds(10), budget.WaitAt(At(70)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
