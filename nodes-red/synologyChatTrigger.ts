import { synologyChatTrigger } from '../src/triggers/synologyChatTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(synologyChatTrigger);
