using System.Globalization;
using System.Reactive;
using System.Reactive.Linq;
using System.Text;

namespace Microsoft.Reactive.Testing;

/// <summary>Compares recorded sequences with expected ones and prints both when they differ.</summary>
public static class ReactiveAssert
{
    public static void AssertEqual<T>(this IEnumerable<T> actual, IEnumerable<T> expected) => AreElementsEqual(expected, actual);

    public static void AssertEqual<T>(this IEnumerable<T> actual, params T[] expected) => AreElementsEqual(expected, actual);

    /// <summary>Compares all notifications of two observables that end.</summary>
    public static void AssertEqual<T>(this IObservable<T> actual, IObservable<T> expected)
    {
        AreElementsEqual(Collect(expected), Collect(actual));
    }

    public static void AreElementsEqual<T>(IEnumerable<T> expected, IEnumerable<T> actual, string? message = null)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        var left = expected.ToList();
        var right = actual.ToList();
        // The expected element is asked, so that a predicate may answer.
        if (!left.SequenceEqual(right, EqualityComparer<T>.Create((x, y) => EqualityComparer<T>.Default.Equals(x, y))))
        {
            throw new ReactiveAssertException(message ?? Describe(left, right));
        }
    }

    public static void AssertThrows<TException>(Action action)
        where TException : Exception
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            action();
        }
        catch (TException)
        {
            return;
        }
        catch (Exception other)
        {
            throw new ReactiveAssertException($"Expected {typeof(TException).Name}, got {other.GetType().Name}: {other.Message}");
        }

        throw new ReactiveAssertException($"Expected {typeof(TException).Name}, got no exception.");
    }

    private static List<Notification<T>> Collect<T>(IObservable<T> source) =>
        [.. source.Materialize().ToEnumerable()];

    private static string Describe<T>(List<T> expected, List<T> actual)
    {
        var text = new StringBuilder()
            .Append("\nExpected: [").AppendJoin(", ", expected)
            .Append("]\nActual..: [").AppendJoin(", ", actual).Append(']');
        var first = 0;
        while (first < expected.Count && first < actual.Count && EqualityComparer<T>.Default.Equals(expected[first], actual[first]))
        {
            first++;
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nFirst difference at element {first}.").ToString();
    }
}
