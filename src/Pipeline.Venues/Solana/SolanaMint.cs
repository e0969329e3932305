using System.Buffers;

namespace Pipeline.Venues.Solana;

/// <summary>Mint addresses: 32 bytes in base 58, which are 32 to 44 characters.</summary>
internal static class SolanaMint
{
    private const int Shortest = 32;
    private const int Longest = 44;

    /// <summary>Digits and letters without 0, I, O and l, which look alike.</summary>
    private static readonly SearchValues<byte> Base58 =
        SearchValues.Create("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"u8);

    public static bool IsValid(ReadOnlySpan<byte> text) => text.Length is >= Shortest and <= Longest && !text.ContainsAnyExcept(Base58);
}
