import { synologyChatTrigger } from '../src/services/synologyChat/synologyChat.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(synologyChatTrigger);
