using Pipeline.Core.Feeds.Subscriptions;

namespace Pipeline.Tests.Feeds.Subscriptions;

public sealed class SuspectGroupsTests
{
    private readonly SuspectGroups _groups = new();

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(200)]
    [InlineData(1000)]
    public void OneBad_WhereverItIs_IsFoundInTwiceTheLogarithmOfRequests(int count)
    {
        var most = (2 * (int)Math.Ceiling(Math.Log2(count))) + 1;
        for (var bad = 0; bad < count; bad++)
        {
            var (found, good, requests) = Search(count, [bad]);

            Assert.Equal([bad], found);
            Assert.Equal(count - 1, good);
            Assert.InRange(requests, 1, most);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SeveralBad_AreAllFound_AndNoOther(int seed)
    {
        var random = new Random(seed);
        var bad = Enumerable.Range(0, 9).Select(_ => random.Next(200)).ToHashSet();

        var (found, good, _) = Search(200, bad);

        Assert.Equal(bad.Order(), found.Order());
        Assert.Equal(200 - bad.Count, good);
    }

    [Fact]
    public void NoneBad_AllAreAcquitted()
    {
        var (found, good, requests) = Search(200, []);

        Assert.Empty(found);
        Assert.Equal(200, good);

        // The half that is known to be bad is not asked for whole, down to the last name.
        Assert.InRange(requests, 2, 9);
    }

    [Fact]
    public void Returned_IsAskedForAgainWhole()
    {
        _groups.Add(["a", "b", "c", "d"]);
        Assert.Equal(["a", "b"], _groups.Next(static _ => true));
        Assert.True(_groups.IsAsking);
        _groups.Return();

        Assert.Equal(["a", "b"], _groups.Next(static _ => true));
    }

    [Fact]
    public void NamesNotUnderSuspicionAnyMore_AreLeftOut()
    {
        _groups.Add(["a", "b", "c", "d"]);

        Assert.Equal(["b"], _groups.Next(static name => name == "b"));
        _groups.Dismiss();
        Assert.Null(_groups.Next(static name => name == "b"));
        Assert.True(_groups.IsEmpty);
    }

    private (List<int> Found, int Good, int Requests) Search(int count, HashSet<int> bad)
    {
        var found = new List<int>();
        var (good, requests) = (0, 0);
        _groups.Add([.. Enumerable.Range(0, count).Select(i => $"{i}")]);
        while (_groups.Next(static _ => true) is { } group)
        {
            requests++;
            if (!group.Any(name => bad.Contains(int.Parse(name))))
            {
                good += group.Count;
                _groups.Acquit();
            }
            else if (_groups.Convict())
            {
                found.Add(int.Parse(group[0]));
            }
        }

        Assert.True(_groups.IsEmpty);
        return (found, good, requests);
    }
}
