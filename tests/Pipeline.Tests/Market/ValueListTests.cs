using System.Runtime.CompilerServices;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Market;

public sealed class ValueListTests
{
    private readonly ValueList<object> _list = new();

    [Fact]
    public void Clear_Objects_AreNotKeptAlive()
    {
        var kept = Fill();
        _list.Clear();
        Collect();

        Assert.All(kept, one => Assert.False(one.IsAlive));
    }

    [Fact]
    public void Truncate_ObjectsBehindTheEnd_AreNotKeptAlive()
    {
        var kept = Fill();
        _list.Truncate(1);
        Collect();

        Assert.Equal([true, false, false], kept.Select(one => one.IsAlive));
        Assert.Equal(1, _list.Count);
    }

    [Fact]
    public void Clear_Structs_KeepTheirMemoryForTheNextUse()
    {
        var list = new ValueList<long>();
        list.AddRange([1, 2, 3]);
        list.Clear();
        list.Add(4);

        Assert.Equal([4L], list.Span.ToArray());
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    // By itself, so that no register of the test holds what was added.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<WeakReference> Fill()
    {
        var kept = new List<WeakReference>();
        for (var i = 0; i < 3; i++)
        {
            var one = new object();
            _list.Add(one);
            kept.Add(new WeakReference(one));
        }

        return kept;
    }
}
