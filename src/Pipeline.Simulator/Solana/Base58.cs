using System.Numerics;

namespace Pipeline.Simulator.Solana;

/// <summary>Base58 with the alphabet of Bitcoin, as the chain writes addresses and signatures.</summary>
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>Text of the number that the bytes are, highest first; each zero byte in front is a <c>1</c>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new Stack<char>();
        for (var rest = new BigInteger(bytes, isUnsigned: true, isBigEndian: true); !rest.IsZero;)
        {
            rest = BigInteger.DivRem(rest, Alphabet.Length, out var digit);
            text.Push(Alphabet[(int)digit]);
        }

        var zeros = bytes.Length - bytes.TrimStart((byte)0).Length;
        return new string('1', zeros) + string.Concat(text);
    }
}
