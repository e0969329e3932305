using System.Reactive;

namespace Microsoft.Reactive.Testing;

/// <summary>An observer that records what it is told, with virtual times.</summary>
public interface ITestableObserver<T> : IObserver<T>
{
    IList<Recorded<Notification<T>>> Messages { get; }
}
