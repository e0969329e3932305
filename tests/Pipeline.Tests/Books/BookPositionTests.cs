using Pipeline.Core.Books;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

public sealed class BookPositionTests
{
    [Theory]
    [InlineData(90, 100, BookFit.Old)]
    [InlineData(90, 101, BookFit.Next)]
    [InlineData(100, 105, BookFit.Next)]
    [InlineData(101, 105, BookFit.Next)]
    [InlineData(102, 105, BookFit.Gap)]
    public void Judge_Range_TakesWhatBeginsAtTheNextIdOrBefore(long first, long last, object fit)
    {
        // The same at the bridge and behind it.
        var update = TestBooks.Update(BookRule.Range, first, last);
        Assert.Equal(fit, new BookPosition(100, -1, IsBridge: true).Judge(BookRule.Range, update));
        Assert.Equal(fit, new BookPosition(100, -1, IsBridge: false).Judge(BookRule.Range, update));
    }

    [Theory]
    [InlineData(80, 99, 79, BookFit.Old)]
    [InlineData(80, 100, 79, BookFit.Next)]
    [InlineData(90, 110, 89, BookFit.Next)]
    [InlineData(90, 110, -1, BookFit.Next)]
    [InlineData(105, 110, 100, BookFit.Next)]
    [InlineData(105, 110, 98, BookFit.Next)]
    [InlineData(105, 110, 101, BookFit.Gap)]
    [InlineData(105, 110, -1, BookFit.Gap)]
    public void Judge_PreviousAtTheBridge_TakesWhatCoversTheSnapshot(long first, long last, long previous, object fit) =>
        Assert.Equal(fit, new BookPosition(100, -1, IsBridge: true).Judge(BookRule.Previous, TestBooks.Update(BookRule.Previous, first, last, previous)));

    [Theory]
    [InlineData(90, 100, 89, BookFit.Old)]
    [InlineData(120, 130, 100, BookFit.Next)]
    [InlineData(101, 130, 99, BookFit.Gap)]
    [InlineData(120, 130, 110, BookFit.Gap)]
    public void Judge_PreviousBehindTheBridge_WantsTheName(long first, long last, long previous, object fit) =>
        Assert.Equal(fit, new BookPosition(100, 89, IsBridge: false).Judge(BookRule.Previous, TestBooks.Update(BookRule.Previous, first, last, previous)));

    [Theory]
    [InlineData(105, 100, 1, BookFit.Next)]
    [InlineData(100, 100, 0, BookFit.KeepAlive)]
    [InlineData(100, 100, 1, BookFit.Next)]
    [InlineData(3, 100, 1, BookFit.Reset)]
    [InlineData(100, 95, 1, BookFit.Old)]
    [InlineData(99, 95, 1, BookFit.Gap)]
    [InlineData(110, 105, 1, BookFit.Gap)]
    public void Judge_Chain_FollowsTheNamesWhateverTheIds(long id, long previous, int bids, object fit) =>
        Assert.Equal(fit, new BookPosition(100, 95, IsBridge: false).Judge(BookRule.Chain, TestBooks.Update(BookRule.Chain, id, id, previous, bids)));

    [Theory]
    [InlineData(100, BookFit.Old)]
    [InlineData(101, BookFit.Next)]
    [InlineData(900, BookFit.Next)]
    public void Judge_Resend_TakesWhatRises(long id, object fit) =>
        Assert.Equal(fit, new BookPosition(100, -1, IsBridge: false).Judge(BookRule.Resend, TestBooks.Update(BookRule.Resend, id, id)));
}
