using System.Buffers.Binary;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Solana;

/// <summary>Addresses and signatures that look like those of the chain and follow from a name alone.</summary>
internal static class SolanaNames
{
    private const int AddressBytes = 32;
    private const int SignatureBytes = 64;

    /// <summary>Mint address of a symbol, such as <c>BTC-USDT</c>: the same in every simulation.</summary>
    public static string Mint(string symbol)
    {
        // The first byte keeps the text at the chain's usual 43 or 44 characters.
        var bytes = Bytes(SeededRandom.SeedFor(0, $"mint:{symbol}"), AddressBytes);
        bytes[0] |= 0x10;
        return Base58.Encode(bytes);
    }

    /// <summary>Signature of the transaction that a taker order was.</summary>
    public static string Signature(string mint, long order) =>
        Base58.Encode(Bytes(SeededRandom.SeedFor(0, mint) ^ (ulong)order, SignatureBytes));

    private static byte[] Bytes(ulong seed, int count)
    {
        var random = new SeededRandom(seed);
        var bytes = new byte[count];
        for (var at = 0; at < count; at += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), random.Next());
        }

        return bytes;
    }
}
