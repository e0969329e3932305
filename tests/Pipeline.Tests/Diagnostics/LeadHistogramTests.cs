using Pipeline.Core.Diagnostics;

namespace Pipeline.Tests.Diagnostics;

public sealed class LeadHistogramTests
{
    private const long Minute = 60_000_000;

    private readonly LeadHistogram _histogram = new();

    [Fact]
    public void Quantile_Nothing_IsZero() => Assert.Equal(0, _histogram.Quantile(0.99));

    [Theory]
    [InlineData(0.5, 500)]
    [InlineData(0.9, 900)]
    [InlineData(0.99, 990)]
    [InlineData(1, 1_000)]
    public void Quantile_OneToAThousand_IsAtMostAnEighthTooHigh(double part, long exact)
    {
        for (var value = 1; value <= 1_000; value++)
        {
            _histogram.Add(value, 0);
        }

        Assert.InRange(_histogram.Quantile(part), exact, exact * 9 / 8);
    }

    [Theory]
    [InlineData(-5, 0, 0)]
    [InlineData(7, 7, 7)]
    [InlineData(250_000, 250_000, 281_250)]
    [InlineData(long.MaxValue, 100_000_000, 150_000_000)]
    public void Quantile_AnyValue_HasABucket(long value, long least, long most)
    {
        _histogram.Add(value, 0);
        Assert.InRange(_histogram.Quantile(0.5), least, most);
    }

    [Fact]
    public void Quantile_OlderThanTwoMinutes_IsForgotten()
    {
        _histogram.Add(5, 0);
        _histogram.Add(3, Minute);
        Assert.Equal(5, _histogram.Quantile(1));
        _histogram.Add(3, 2 * Minute);
        Assert.Equal(3, _histogram.Quantile(1));
        _histogram.Add(2, 9 * Minute);
        Assert.Equal(2, _histogram.Quantile(1));
        _histogram.Add(1, 0);
        Assert.Equal(1, _histogram.Quantile(1));
    }

    [Fact]
    public void Quantile_OfSeveral_IsThatOfAllTheirValues()
    {
        var other = new LeadHistogram();
        for (var i = 0; i < 99; i++)
        {
            _histogram.Add(2, 0);
        }

        other.Add(6, 0);
        Assert.Equal((2, 6), (LeadHistogram.Quantile([_histogram, other], 0.99), LeadHistogram.Quantile([_histogram, other], 1)));
    }
}
