using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class RotationScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Age = TimeSpan.FromHours(23);
    private static readonly DailyWindow Night = new(new TimeOnly(2, 0), new TimeOnly(4, 0));

    [Fact]
    public void Ages_AreSpreadByATwentieth_AndEndBeforeTheVenuesLimit()
    {
        var schedule = new RotationSchedule(Age, null, TimeSpan.FromHours(24), new Random(1));
        var ages = Enumerable.Range(0, 1000).Select(_ => AgeOf(schedule, Start)).ToList();

        Assert.All(ages, age => Assert.InRange(age, Age * 0.95, TimeSpan.FromHours(23.75)));
        Assert.True(ages.Max() - ages.Min() > Age * 0.07);
    }

    [Fact]
    public void Window_IsKept_WheneverTheConnectionWasOpened_AndItLivesNoLongerThanItMay()
    {
        var schedule = new RotationSchedule(Age, Night, TimeSpan.FromHours(24), new Random(1));
        for (var minute = 0; minute < 1440; minute += 7)
        {
            var opened = Start.AddMinutes(minute);
            var age = AgeOf(schedule, opened);

            Assert.InRange(age, TimeSpan.FromSeconds(1), TimeSpan.FromHours(23.75));
            Assert.True(Night.Contains(opened + age), $"opened {opened:HH:mm}, due {opened + age:HH:mm}");
        }
    }

    [Fact]
    public void Window_OverMidnight_WithAnAgeOfSeveralDays_IsTheLastOneItLivesToSee()
    {
        var window = new DailyWindow(new TimeOnly(23, 0), new TimeOnly(1, 0));
        var schedule = new RotationSchedule(TimeSpan.FromDays(5), window, null, new Random(1));
        var opened = Start.AddHours(12);

        var due = opened + AgeOf(schedule, opened);

        Assert.True(window.Contains(due));
        Assert.InRange(due, opened.AddDays(4.4), opened.AddDays(5.25));
    }

    [Fact]
    public void Window_ThatItDoesNotLiveToSee_IsDisregarded()
    {
        var schedule = new RotationSchedule(TimeSpan.FromHours(3), Night, TimeSpan.FromHours(4), new Random(1));

        Assert.InRange(AgeOf(schedule, Start.AddHours(12)), TimeSpan.FromHours(2.85), TimeSpan.FromHours(3.15));
    }

    [Fact]
    public void Due_AreTakenOldestFirst_AndComeBackWhenTheyFailed()
    {
        var schedule = new RotationSchedule(Age, null, null, new Random(1));
        schedule.Opened("b", "b", Start.AddHours(5));
        schedule.Opened("a", "a", Start);
        Assert.Empty(schedule.TakeDue(Start.AddHours(21)));
        Assert.Equal(["a", "b"], schedule.TakeDue(Start.AddHours(40)));
        Assert.Null(schedule.NextDue);

        schedule.Failed("a", "a", Start.AddHours(40));
        Assert.Equal(Start.AddHours(40) + RotationSchedule.RetryAfter, schedule.NextDue);
        schedule.Remove("a");
        Assert.Null(schedule.NextDue);
    }

    [Fact]
    public void OfTwoLegs_TheOlderDecides()
    {
        var schedule = new RotationSchedule(Age, null, null, new Random(1));
        schedule.Opened("a", "a1", Start);
        schedule.Opened("a", "a2", Start.AddHours(10));
        Assert.InRange(schedule.NextDue!.Value, Start + (Age * 0.95), Start + (Age * 1.05));
        schedule.Closed("a", "a1");
        Assert.True(schedule.NextDue > Start.AddHours(10 + 21));
    }

    private static TimeSpan AgeOf(RotationSchedule schedule, DateTimeOffset opened)
    {
        schedule.Opened("a", "a", opened);
        return schedule.NextDue!.Value - opened;
    }
}
