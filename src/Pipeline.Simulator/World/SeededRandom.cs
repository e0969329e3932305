namespace Pipeline.Simulator.World;

/// <summary>A small generator whose sequence is fixed by its seed on every platform and runtime (SplitMix64).</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var mixed = _state += 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Evenly from 0 up to, not including, <paramref name="bound"/>.</summary>
    public long Below(long bound) => (long)Math.BigMul(Next(), (ulong)bound, out _);

    public bool Chance(int percent) => Below(100) < percent;

    /// <summary>Waiting time of a Poisson process in microseconds; effectively never at rate 0.</summary>
    public long Wait(double perSecond)
    {
        if (perSecond <= 0)
        {
            return long.MaxValue / 4;
        }

        // 53 random bits, never 0, so that the logarithm is finite.
        var unit = ((Next() >> 11) + 1) * (1.0 / (1UL << 53));
        return (long)(-Math.Log(unit) / perSecond * UnixTime.Second);
    }

    /// <summary>A seed for <paramref name="name"/> that depends on the text, not on the order of symbols.</summary>
    public static ulong SeedFor(int seed, string name)
    {
        var hash = 0xCBF2_9CE4_8422_2325 ^ (uint)seed;
        foreach (var c in name)
        {
            hash = (hash ^ c) * 0x0000_0100_0000_01B3;
        }

        return hash;
    }
}
