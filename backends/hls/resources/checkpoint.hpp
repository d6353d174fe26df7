// Places in the top function where a testbench looks at a matrix. In hardware there is nothing.
#pragma once
#include "hardware.hpp"

#ifdef __SYNTHESIS__

#define CHECKPOINT(label, index, frame, matrix, tokens, channels) (void)0

#else

/// Gets one element of a matrix after the other; `element(context, token, channel)`.
using checkpoint_element_t = long long (*)(const void* matrix, int token, int channel);

/// What to do at a checkpoint: its label, which one of that label, of which frame of a call, and the matrix.
using checkpoint_observer_t = void (*)(const char* label, int index, int frame, const void* matrix,
                                       checkpoint_element_t element, int tokens, int channels);

/// The observer of this program; none unless a testbench sets one.
inline checkpoint_observer_t& checkpoint_observer() {
    static checkpoint_observer_t observer = nullptr;
    return observer;
}

/// Shows a matrix, words of channels x token slots x lanes, to the observer.
template <class Activation>
void checkpoint(const char* label, int index, int frame, const Activation (*matrix)[kTokenSlots][kLanes],
                int tokens, int channels) {
    const checkpoint_element_t element = [](const void* data, int token, int channel) -> long long {
        const auto words = static_cast<const Activation(*)[kTokenSlots][kLanes]>(data);
        return words[channel / kLanes][token][channel % kLanes];
    };
    if (checkpoint_observer() != nullptr)
        checkpoint_observer()(label, index, frame, matrix, element, tokens, channels);
}

#define CHECKPOINT(label, index, frame, matrix, tokens, channels) checkpoint(label, index, frame, matrix, tokens, channels)

#endif
